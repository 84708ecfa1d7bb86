/** Where the project is on GitHub: npm publishes with provenance only from the repository that a package names. */
export const repository = "https://github.com/outhaul/outhaul";

/** What the package.json of every published package says about where it comes from and how it is published. */
export function registryFields(directory: string) {
  return {
    homepage: `${repository}/tree/main/${directory}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: "git", url: `git+${repository}.git`, directory },
    publishConfig: { access: "public", provenance: true },
  };
}
