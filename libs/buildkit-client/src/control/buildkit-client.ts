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
  /** Opens a connection of its own for what may fail with a long error; the caller closes it. */
  readonly openSolveConnection: () => SolveConnection;
}

/** The services that solve. */
interface SolveConnection {
  readonly control: ControlClient;
  readonly bridge: LLBBridgeClient;
  readonly close: () => void;
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
  const client: BuildkitClient = { address, close: () => control.close() };
  services.set(client, { control, content, openSolveConnection: () => openSolveConnection(address) });
  return client;
}

function openSolveConnection(address: string): SolveConnection {
  // Without a pool of its own it would get the same connection again.
  const options = { ...CHANNEL_OPTIONS, 'grpc.use_local_subchannel_pool': 1 };
  const control = new ControlClient(address, ChannelCredentials.createInsecure(), options);
  const bridge = new LLBBridgeClient(address, ChannelCredentials.createInsecure(), {
    channelOverride: control.getChannel(),
  });
  return { control, bridge, close: () => control.close() };
}

/** The gRPC services behind a client; not exported from the library. */
export function servicesOf(client: BuildkitClient): Services {
  const found = services.get(client);
  if (found === undefined) throw new TypeError('Cannot use client: it was not made by createBuildkitClient()');
  return found;
}
