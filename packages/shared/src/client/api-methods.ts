/** The methods of an openapi-fetch client that send a request. */
export const API_METHODS = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"] as const;
