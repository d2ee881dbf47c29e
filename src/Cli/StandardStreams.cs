using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RmStack.Cli;

/// <summary>
/// Standard output that fails when nobody reads it any more. The console streams of .NET ignore that, and a tool that reads an endless input
/// would then never end.
/// </summary>
internal static class StandardStreams
{
    private const int Output = 1;
    private const int BufferSize = 1 << 14;

    /// <summary>Standard output for bytes.</summary>
    public static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
        try
        {
            var stream = new FileStream(new SafeFileHandle(Output, ownsHandle: false), FileAccess.Write, bufferSize: 0);

            // A file stream writes to a file at a place of its own: what another program, or the shell, writes next would go over it.
            return stream.CanSeek ? Console.OpenStandardOutput() : stream;
        }
        catch (Exception failure) when (failure is ArgumentException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    /// <summary>Standard output for text, line by line, so that whoever follows it sees each as it comes. It is opened at the first character.</summary>
    public static TextWriter OpenText() => new LazyWriter();

    private sealed class LazyWriter : TextWriter
    {
        private StreamWriter? _writer;

        public override Encoding Encoding => Encoding.UTF8;

        private StreamWriter Writer =>
            _writer ??= new StreamWriter(OpenOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize) { NewLine = "\n" };

        public override void Write(char value) => Write([value]);

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(ReadOnlySpan<char> buffer)
        {
            Writer.Write(buffer);
            if (buffer is [.., '\n']) Writer.Flush();
        }

        public override void Flush() => _writer?.Flush();
    }
}
