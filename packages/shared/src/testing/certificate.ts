import { generateKeyPairSync, sign } from "node:crypto";

/** For the tests: a certificate for 127.0.0.1 that nobody has signed but itself, and its key. X.509, RFC 5280 §4.1 */
export function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(tag(0x06, Buffer.from("2a8648ce3d040302", "hex"))); // ecdsa-with-SHA256
  const commonName = tag(0x06, Buffer.from("550403", "hex"));
  const name = sequence(tag(0x31, sequence(commonName, tag(0x0c, Buffer.from("127.0.0.1")))));
  const alternative = tag(0x06, Buffer.from("551d11", "hex"));
  const address = tag(0x04, sequence(tag(0x87, Buffer.from([127, 0, 0, 1]))));
  const body = sequence(
    tag(0xa0, tag(0x02, Buffer.from([2]))),
    tag(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(tag(0x17, Buffer.from("200101000000Z")), tag(0x17, Buffer.from("491231235959Z"))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tag(0xa3, sequence(sequence(alternative, address))),
  );
  const signature = tag(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]));
  const text = sequence(body, algorithm, signature).toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
  };
}

function sequence(...parts: Buffer[]): Buffer {
  return tag(0x30, ...parts);
}

/** One value of DER: its tag, its length, its bytes. */
function tag(kind: number, ...parts: Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  const { length } = bytes;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([kind, ...head]), bytes]);
}
