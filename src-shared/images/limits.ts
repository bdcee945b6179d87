/** How large image files may be; apart from the decoders, which scripts that only name the limits do without. */

/** Larger files are refused before they are read. */
export const MAX_IMAGE_BYTES = 64 * 1024 * 1024;
/** Larger images are refused by their header. */
export const MAX_MEGAPIXELS = 64;
