/** A vendor's spec: the two parsed files of its folder. */
export interface VendorSpec {
  /** The name of its folder. */
  readonly vendor: string;
  /** `openapi.yaml` */
  readonly openapi: unknown;
  /** `exports.arazzo.yaml` */
  readonly arazzo: unknown;
}
