/** The content of `outhaul.config.json`. */
export interface Config {
  /** The scope of the packages' names, with its `@`. */
  readonly scope: string;
  /** The folder of the specs: one folder for each vendor. */
  readonly specs: string;
  /** The folder of the packages: one folder for each vendor. */
  readonly packages: string;
  /** True if npm must not publish the packages. */
  readonly private: boolean;
  /** The licence in `package.json`: an SPDX identifier, or `UNLICENSED`. */
  readonly license: string;
  /** The file that each package has a copy of, as `LICENSE`. */
  readonly licenseFile?: string;
  readonly author?: string;
  /** The address of the repository, for `homepage`, `bugs` and `repository`. */
  readonly repository?: string;
  /** What `publishConfig` of each `package.json` holds, such as the address of a registry. */
  readonly publishConfig?: Readonly<Record<string, unknown>>;
  /** The range of `@outhaul/shared` that the packages depend on. */
  readonly sharedRange?: string;
  /** The tsconfig that those of the packages extend. It goes with {@link Config.build}. */
  readonly tsconfig?: string;
  /** The command that builds a package, run in its folder: it makes `dist/index.js` and `dist/index.d.ts` of `src/index.ts`. */
  readonly build?: string;
  /** A folder for the vendors' data for the sandbox; whatever else it holds is removed. */
  readonly sandboxData?: string;
  /** A TypeScript file to write, with the names of all vendors. */
  readonly vendorList?: string;
  /** A Markdown file with a table of all packages, between the lines `<!-- packages -->` and `<!-- /packages -->`. */
  readonly readme?: string;
  /** The folder for the texts of the vendors' pages, which is not committed. */
  readonly docsCache: string;
  /** True if `package.json` of the repository has the commands as scripts, so that messages name them: `npm run generate`. */
  readonly npmScripts: boolean;
  /** True if a new vendor gets tests, which need the test helpers of Outhaul's own repository. */
  readonly specTests: boolean;
}

/** The name of the file, which stands in the root of a repository. */
export const configFile = "outhaul.config.json";

/** The values of keys that the file leaves out. The scope has no default, so that no package gets somebody else's name. */
export const defaults = {
  specs: "specs",
  packages: "packages",
  private: true,
  license: "UNLICENSED",
  docsCache: ".cache/docs",
  npmScripts: false,
  specTests: false,
} as const satisfies Partial<Config>;
