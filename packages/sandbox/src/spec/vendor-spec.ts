/** A vendor's spec: the two files of its folder, parsed. */
export interface VendorSpec {
  /** The name of its folder. */
  readonly vendor: string;
  /** `openapi.yaml` */
  readonly openapi: unknown;
  /** `exports.arazzo.yaml` */
  readonly arazzo: unknown;
}
