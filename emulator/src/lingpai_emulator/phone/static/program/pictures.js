// Pictures a phone has without a camera: the person's own, and an album of drawn ones. All of them PNG.

const SIZE = 132; // pixels, as WeChat's avatars
const HUES = [[12, 42], [148, 178], [212, 248], [288, 320], [36, 58], [190, 206]];

/** `{content, type}`, base64, of a `data:` picture. */
export async function drawn(source) {
  const picture = new Image();
  picture.src = source;
  await picture.decode();
  const canvas = new OffscreenCanvas(SIZE, SIZE);
  canvas.getContext("2d").drawImage(picture, 0, 0, SIZE, SIZE);
  return encoded(canvas);
}

/** The album: `[{content, type, url}]`. */
export function album() {
  return Promise.all(HUES.map(async ([from, to], number) => {
    const canvas = new OffscreenCanvas(SIZE * 2, SIZE * 2);
    landscape(canvas.getContext("2d"), SIZE * 2, from, to, number);
    const picture = await encoded(canvas);
    return { ...picture, url: `data:image/png;base64,${picture.content}` };
  }));
}

/** A sky, a sun and hills: different enough to tell apart. */
function landscape(pen, size, from, to, number) {
  const sky = pen.createLinearGradient(0, 0, 0, size);
  sky.addColorStop(0, `hsl(${from} 62% 72%)`);
  sky.addColorStop(1, `hsl(${to} 70% 88%)`);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, size, size);
  pen.fillStyle = `hsl(${to} 90% 96%)`;
  pen.beginPath();
  pen.arc(size * (0.25 + number * 0.1), size * 0.32, size * 0.1, 0, 7);
  pen.fill();
  for (const layer of [0, 1, 2]) {
    pen.fillStyle = `hsl(${from} ${40 - layer * 8}% ${56 - layer * 14}%)`;
    pen.beginPath();
    pen.moveTo(0, size);
    for (let x = 0; x <= size; x += 4) {
      pen.lineTo(x, size * (0.56 + layer * 0.14) + Math.sin(x / (34 + layer * 9) + number * 2 + layer) * size * 0.06);
    }
    pen.lineTo(size, size);
    pen.fill();
  }
}

async function encoded(canvas) {
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { content: btoa(text), type: "image/png" };
}
