/** `npm ci` in a folder, when what is there is not of its lockfile. */
export declare function installFolder(folder: string): void;
