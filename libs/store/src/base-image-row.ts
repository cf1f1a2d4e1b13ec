/** A row of `base_images`, see migration 0021. */
export interface BaseImageRow {
  readonly build_id: string;
  readonly reference: string;
  readonly digest: string;
}
