/** Names in other ways of writing: Keras's identifiers of classes, options of the command line. */

/** `MaxPooling2D` is `max_pooling2d`, `LeakyReLU` is `leaky_re_lu` (to_snake_case in keras/src/utils/naming.py). */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** `labelSmoothing` is `label-smoothing`. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
