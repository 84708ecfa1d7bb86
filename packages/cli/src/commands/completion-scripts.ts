/** The line that asks a shell for files and folders. */
export const FILES = ":files";

/**
 * The completion scripts of the shells for which the library has none that is safe: in fish, it runs what stands between the quotes of the line.
 * Each gives the words of the line as they are, and the number of the one at the cursor.
 */
export const ownScripts = {
  zsh: `#compdef outhaul
_outhaul_completion() {
  local -a found
  found=(\${(f)"$(COMP_CWORD=$((CURRENT - 1)) SHELL=zsh outhaul completion-server -- "\${words[@]}" 2>/dev/null)"})
  if [[ "$found[1]" == "${FILES}" ]]; then
    _files
  elif (( $#found )); then
    _describe 'outhaul' found
  fi
}
if [[ "$funcstack[1]" == (_outhaul|_outhaul_completion) ]]; then
  _outhaul_completion "$@"
elif (( $+functions[compdef] )); then
  compdef _outhaul_completion outhaul
else
  print -u2 'outhaul: completion needs this line before it: autoload -Uz compinit && compinit'
fi
`,
  fish: `function _outhaul_completion
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -lx SHELL fish
  set -lx COMP_CWORD (count $words)
  set -l found (outhaul completion-server -- $words "$current" 2>/dev/null)
  if test "$found[1]" = "${FILES}"
    __fish_complete_path "$current"
  else if test (count $found) -gt 0
    printf '%s\\n' $found
  end
end
complete -c outhaul -f -a "(_outhaul_completion)"
`,
} as const;
