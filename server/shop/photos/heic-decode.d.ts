/** What we use of `heic-decode`, which brings no types. */
declare module 'heic-decode' {
  type Decoded = { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> }
  type Waiting = { width: number; height: number; decode(): Promise<Decoded> }
  const heic: { all(options: { buffer: Uint8Array }): Promise<Waiting[] & { dispose(): void }> }
  export default heic
}
