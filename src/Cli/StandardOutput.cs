using System.ComponentModel;
using System.Runtime.InteropServices;

namespace RmStack.Cli;

/// <summary>
/// Standard output by write(2) alone. A file stream over the same descriptor would write a file at positions of its own, over what other programs
/// that share the descriptor have written there.
/// </summary>
internal sealed partial class StandardOutput : Stream
{
    private const int Descriptor = 1;
    private const int EINTR = 4;
    private const int EAGAIN = 11;
    private const short POLLOUT = 4;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            for (var written = 0; written < buffer.Length;)
            {
                var taken = write(Descriptor, start + written, (nuint)(buffer.Length - written));
                if (taken >= 0)
                    written += (int)taken;
                else
                    Overcome(Marshal.GetLastPInvokeError());
            }
        }
    }

    public override void Flush()
    {
        // Nothing is kept.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // Whoever gave us the descriptor may have made it non-blocking.
    private static unsafe void Overcome(int errno)
    {
        if (errno == EAGAIN)
        {
            var ready = new PollDescriptor { Descriptor = Descriptor, Events = POLLOUT };
            _ = poll(&ready, 1, -1);
        }
        else if (errno != EINTR)
        {
            throw new IOException(new Win32Exception(errno).Message);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Received;
    }
}
