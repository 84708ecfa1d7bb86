/** A request in which these fields are given. Types of vendor packages are made of it where a vendor takes one field or another. */
export type Given<Fields, Names extends keyof Fields> = Required<Pick<Fields, Names>>;

/** A request in which a field is not given. */
export type Absent<Name extends string> = { readonly [Key in Name]?: never };
