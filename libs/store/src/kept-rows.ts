// Rows of what people give the rack to keep.

/** A row of `registries`. */
export interface RegistryRow {
  readonly server: string;
  readonly username: string;
  readonly sealed_password: string;
  readonly created_at: Date;
}

/** A row of `app_configs`. */
export interface AppConfigRow {
  readonly app: string;
  readonly name: string;
  readonly value: string;
}
