import type { Knex } from 'knex';

/** What a reference of a build stands for. */
export interface BaseImage {
  /** E.g. `docker.io/library/busybox:latest`. */
  readonly reference: string;
  /** Of the image, or of the index of its platforms. */
  readonly digest: string;
}

/** The base images of builds. */
export interface BaseImageRepository {
  /**
   * Notes what a reference stands for, unless that is known.
   *
   * @returns the digest that counts for the build: that of whoever was first
   */
  pin(buildId: string, image: BaseImage): Promise<string>;
  /** Those of a build, by reference. */
  list(buildId: string): Promise<BaseImage[]>;
}

/** Opens the base images of a database. */
export function createBaseImageRepository(knex: Knex): BaseImageRepository {
  return {
    pin: async (buildId, { reference, digest }) => {
      const [counted] = await knex('base_images')
        .insert({ build_id: buildId, reference, digest })
        .onConflict(['build_id', 'reference'])
        // No change, but the row that is there is answered.
        .merge({ digest: knex.ref('base_images.digest') })
        .returning('digest');
      return counted?.digest ?? digest;
    },
    list: (buildId) =>
      knex('base_images').where({ build_id: buildId }).orderBy('reference').select('reference', 'digest'),
  };
}
