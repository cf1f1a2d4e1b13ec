/** A message of protobuf by its field numbers; a field that is repeated has several values. */
export type ProtobufFields = ReadonlyMap<number, readonly (bigint | Buffer)[]>;

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function readVarint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = reader.bytes.readUInt8(reader.at++);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

function readValue(reader: Reader, wireType: number): bigint | Buffer {
  if (wireType === VARINT) return readVarint(reader);
  const start = reader.at;
  if (wireType === FIXED_64) {
    reader.at += 8;
    return reader.bytes.readBigUInt64LE(start);
  }
  if (wireType === FIXED_32) {
    reader.at += 4;
    return BigInt(reader.bytes.readUInt32LE(start));
  }
  if (wireType !== LENGTH_DELIMITED) throw new SyntaxError(`Cannot read protobuf: wire type ${wireType}`);
  const length = Number(readVarint(reader));
  const from = reader.at;
  reader.at += length;
  if (reader.at > reader.bytes.length) throw new SyntaxError('Cannot read protobuf: it is cut off');
  return reader.bytes.subarray(from, reader.at);
}

/**
 * Reads one message, without its schema (protobuf.dev, "Encoding").
 *
 * @throws {SyntaxError} when it is none
 */
export function readProtobuf(bytes: Buffer): ProtobufFields {
  const fields = new Map<number, (bigint | Buffer)[]>();
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = Number(readVarint(reader));
    const values = fields.get(tag >>> 3) ?? [];
    values.push(readValue(reader, tag & 7));
    fields.set(tag >>> 3, values);
  }
  return fields;
}
