import protobuf from 'protobufjs';

/** prometheus/prompb/remote.proto and types.proto, as far as 0.1.0 needs them. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message WriteRequest { repeated TimeSeries timeseries = 1; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
`);

interface Decoded {
  timeseries: { labels: { name: string; value: string }[]; samples: { value: number; timestamp: number }[] }[];
}

/** The series of a remote-write request, by the general decoder. */
export function decodeWriteRequest(bytes: Uint8Array): Decoded['timeseries'] {
  const type = root.lookupType('WriteRequest');
  return (type.toObject(type.decode(bytes), { longs: Number, defaults: true }) as Decoded).timeseries;
}
