import { ChannelCredentials } from '@grpc/grpc-js';

import { ContentClient } from '../generated/github.com/containerd/containerd/api/services/content/v1/content.js';
import { ControlClient } from '../generated/github.com/moby/buildkit/api/services/control/control.js';
import { LLBBridgeClient } from '../generated/github.com/moby/buildkit/frontend/gateway/pb/gateway.js';

/** A connection to one buildkitd. All calls, solves and sessions share it; make one for each daemon. */
export interface BuildkitClient {
  /** Where the daemon listens, e.g. `unix:///run/buildkitd.sock`. */
  readonly address: string;
  /** Closes the connection. Calls that still run end as cancelled. */
  readonly close: () => void;
}

interface Services {
  readonly control: ControlClient;
  readonly content: ContentClient;
  readonly bridge: LLBBridgeClient;
  /** Opens a control service with a connection of its own; the caller closes it. */
  readonly openControl: () => ControlClient;
}

const services = new WeakMap<BuildkitClient, Services>();

/** buildkitd sends up to 16 MiB in a message; grpc-js takes 4 MiB unless told otherwise. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

const CHANNEL_OPTIONS = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  // The daemon is on this machine: look again quickly while it starts.
  'grpc.initial_reconnect_backoff_ms': 20,
  'grpc.max_reconnect_backoff_ms': 1000,
};

/** Opens a client for the daemon at a gRPC address. Nothing is connected before the first call. */
export function createBuildkitClient({ address }: { address: string }): BuildkitClient {
  const control = new ControlClient(address, ChannelCredentials.createInsecure(), CHANNEL_OPTIONS);
  const shared = { channelOverride: control.getChannel() };
  const content = new ContentClient(address, ChannelCredentials.createInsecure(), shared);
  const bridge = new LLBBridgeClient(address, ChannelCredentials.createInsecure(), shared);
  const client: BuildkitClient = { address, close: () => control.close() };
  // Without a pool of its own it would get the same connection again.
  const ownOptions = { ...CHANNEL_OPTIONS, 'grpc.use_local_subchannel_pool': 1 };
  const openControl = () => new ControlClient(address, ChannelCredentials.createInsecure(), ownOptions);
  services.set(client, { control, content, bridge, openControl });
  return client;
}

/** The gRPC services behind a client; not exported from the library. */
export function servicesOf(client: BuildkitClient): Services {
  const found = services.get(client);
  if (found === undefined) throw new TypeError('Cannot use client: it was not made by createBuildkitClient()');
  return found;
}
