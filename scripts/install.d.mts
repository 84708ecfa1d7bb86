/** The repository, with a slash at its end. */
export declare const root: string;
export declare const environment: NodeJS.ProcessEnv;
export declare function install(): boolean;
export declare function markInstalled(): void;
