/** Keras's way of writing a class name as an identifier. */

/** `MaxPooling2D` is `max_pooling2d`, `LeakyReLU` is `leaky_re_lu` (to_snake_case in keras/src/utils/naming.py). */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
