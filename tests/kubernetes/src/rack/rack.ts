/** A registry, as it is reached from outside of the cluster. */
export interface RackRegistry {
  /** Host and port, plain HTTP. */
  readonly address: string;
  /** Who may use it, if not everybody. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** A rack that the chart has installed. */
export interface Rack {
  /** Name of the Helm release. */
  readonly release: string;
  readonly namespace: string;
  /** As it is reached from outside of the cluster, with the password. */
  readonly url: string;
  readonly registry: RackRegistry;
}
