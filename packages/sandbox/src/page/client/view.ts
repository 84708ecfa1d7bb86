import type { FaultInfo, JobInfo, Messages, VendorInfo } from "./messages.js";

/** What the page knows, and which vendors it shows. */
export interface View {
  readonly hello: Messages["hello"] | undefined;
  /** The vendor that is shown; undefined for all. */
  readonly chosen: string | undefined;
  /** The vendors that are shown. */
  shown(): readonly VendorInfo[];
  isShown(vendor: string): boolean;
  readonly jobs: ReadonlyMap<string, readonly JobInfo[]>;
  readonly faults: ReadonlyMap<string, readonly FaultInfo[]>;
}

/** The state of the page, as the events change it. */
export class PageState implements View {
  hello: Messages["hello"] | undefined;
  chosen: string | undefined;
  readonly jobs = new Map<string, readonly JobInfo[]>();
  readonly faults = new Map<string, readonly FaultInfo[]>();

  shown(): readonly VendorInfo[] {
    return (this.hello?.vendors ?? []).filter(({ name }) => this.isShown(name));
  }

  isShown(vendor: string): boolean {
    return this.chosen === undefined || this.chosen === vendor;
  }

  /** Begins anew, with what the server says first. A vendor that is there no more is no longer chosen. */
  begin(hello: Messages["hello"]): void {
    this.hello = hello;
    this.jobs.clear();
    this.faults.clear();
    if (!hello.vendors.some(({ name }) => name === this.chosen)) this.chosen = undefined;
  }
}
