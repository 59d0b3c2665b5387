// A serial port as who types and reads at its other end sees it, whatever its registers are.

export interface SerialPort {
  /** Called with every byte the guest sends. */
  onTransmit: (byte: number) => void
  /** Bytes from the outside; the caller has logged them with their cycle. */
  receive(bytes: ArrayLike<number>): void
  /** A plug leads what is sent back to what is received. */
  hasLoopbackPlug: boolean
  /** Bytes that came and have not been read. */
  readonly unread: number
}
