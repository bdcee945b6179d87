/** Drawing the bytes of a small image on a canvas. */

export interface PixelImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly pixels: Uint8Array;
}

/** Grey or colour, one canvas pixel for each; the style sheet makes it larger without smoothing. */
export function drawPixels(canvas: HTMLCanvasElement, { width, height, channels, pixels }: PixelImage): void {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let channel = 0; channel < 3; channel++) {
      image.data[i * 4 + channel] = pixels[i * channels + Math.min(channel, channels - 1)] ?? 0;
    }
    image.data[i * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
