/** Keras's way of writing a class name as an identifier. */

/** `MaxPooling2D` becomes `max_pooling2d`, `Conv2D` becomes `conv2d` (keras.src.utils.naming.to_snake_case). */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
