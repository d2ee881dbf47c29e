using System.Text;

namespace RmStack.Cli;

/// <summary>
/// Standard output that fails when nobody reads it any more. The console streams of .NET ignore that, and a tool that reads an endless input
/// would then never end.
/// </summary>
internal static class StandardStreams
{
    private const int BufferSize = 1 << 14;

    /// <summary>Standard output for bytes.</summary>
    public static Stream OpenOutput() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardOutput();

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
