import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { installFolder } from "../../runtimes/install.mjs";
import { root } from "../vendors.js";
import { type Outcome, run, succeed } from "./run.js";

/** A copy of the repository, with its own history of one commit, that versions are made in. */
export interface Repository {
  readonly folder: string;
  /** Runs a program in it, against the registry. */
  run(...command: string[]): Promise<Outcome>;
  /** Replaces a text in a file. @throws when it is not there */
  replace(file: string, text: string, by: string): void;
  write(file: string, text: string): void;
  read(file: string): string;
  commit(message: string): Promise<void>;
  /** Takes back all that was done after a commit: `HEAD`, or an earlier one. */
  reset(commit: string): Promise<void>;
}

/** Copies what git knows or would know of the tree, and installs its dependencies; those come from where they always come from. */
export async function copyRepository(folder: string, env: NodeJS.ProcessEnv): Promise<Repository> {
  mkdirSync(folder, { recursive: true });
  const listed = await succeed(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    env: {},
  });
  for (const file of listed.split("\0").filter((name) => name !== "" && existsSync(root + name))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(root + file, join(folder, file));
  }
  const git = (...args: string[]) =>
    succeed(["git", "-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
      cwd: folder,
      env: {},
    });
  await git("init", "--quiet", "--initial-branch=main");
  await succeed(["npm", "ci", "--prefer-offline", "--loglevel=error"], { cwd: folder, env: {} });
  installFolder(join(folder, "scripts/packed/"));
  const path = (file: string) => join(folder, file);
  const repository: Repository = {
    folder,
    run: (...command) => run(command, { cwd: folder, env }),
    read: (file) => readFileSync(path(file), "utf8"),
    write(file, text) {
      writeFileSync(path(file), text);
    },
    replace(file, text, by) {
      const old = repository.read(file);
      if (!old.includes(text)) throw new Error(`${file} has no ${text}`);
      repository.write(
        file,
        old.replace(text, () => by),
      );
    },
    async commit(message) {
      await git("add", "--all");
      await git("commit", "--quiet", "--message", message);
    },
    async reset(commit) {
      await git("reset", "--quiet", "--hard", commit);
      await git("clean", "--quiet", "-d", "--force");
    },
  };
  await repository.commit("Begin");
  return repository;
}
