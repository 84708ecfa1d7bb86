/** Codes of errors that come before a request's first byte is sent. */
export const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO|ERR_INVALID_URL|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;

/** Codes of errors that the same request would end with again: a certificate, a wrong address, a reply that is not HTTP. */
export const PERMANENT =
  /^(ERR_(?!STREAM|HTTP2|SOCKET)|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HPE_(?!INVALID_EOF))/;
