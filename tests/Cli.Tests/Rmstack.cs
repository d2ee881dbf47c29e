using System.Diagnostics;
using System.Text;

namespace RmStack.Cli.Tests;

/// <summary>What a command line did.</summary>
internal sealed record Invocation(int ExitCode, string Output, string Error);

/// <summary>Runs the command line in this process.</summary>
internal static class Rmstack
{
    public static string Guest(string name) => Path.Combine(AppContext.BaseDirectory, "guests", name);

    public static Invocation Run(params string[] args) => RunWithInput([], args);

    public static Invocation RunWithInput(byte[] input, params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var bytes = new MemoryStream();
        var code = CommandLine.Run(args, output, error, () => new Unclosed(bytes), () => new MemoryStream(input));
        return new Invocation(code, output + Encoding.Latin1.GetString(bytes.ToArray()), error.ToString());
    }

    /// <summary>
    /// How to run it as a process of its own, for a test to signal: with the signals that whoever runs the tests may ignore, as a shell does for
    /// what it runs in the background. In a session of its own, its process group has its number.
    /// </summary>
    public static ProcessStartInfo Program(bool ownSession, params string[] args)
    {
        var host = Environment.ProcessPath is { } path && path.EndsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet";
        string[] session = ownSession ? ["setsid"] : [];
        return new ProcessStartInfo("env", ["--default-signal", .. session, host, "exec", typeof(CommandLine).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    /// <summary>Writes a file for one test.</summary>
    public static string File(string name, byte[] content)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("rmstack-test").FullName, name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Standard output survives whoever closes a stream on it.</summary>
    private sealed class Unclosed(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
