/** A rack that the chart has installed. */
export interface Rack {
  /** Name of the Helm release. */
  readonly release: string;
  readonly namespace: string;
  /** As it is reached from outside of the cluster, with the password. */
  readonly url: string;
}
