/** How the files in a folder of parts are called. */
export const PART_NAME = /\.part-\d{4,}(\.[^/]*)?$/;

/** The file that parts are joined in, until it has its own name. */
export const JOINED_NAME = "joined";
