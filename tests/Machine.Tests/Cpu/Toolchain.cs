using System.ComponentModel;
using System.Diagnostics;

namespace RmStack.Machine.Tests.Cpu;

/// <summary>The AArch64 binutils and QEMU's user mode, which judge the CPU. A tool that is missing fails the test.</summary>
internal static class Toolchain
{
    public const string As = "aarch64-linux-gnu-as";
    public const string Ld = "aarch64-linux-gnu-ld";
    public const string Objcopy = "aarch64-linux-gnu-objcopy";
    public const string Objdump = "aarch64-linux-gnu-objdump";
    public const string Qemu = "qemu-aarch64";

    // Nothing that is started here should take more than seconds; this only keeps a failure from hanging.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Assembles position-independent code and returns its bytes.</summary>
    public static byte[] Assemble(string source)
    {
        using var directory = new ScratchDirectory();
        var text = directory.File("program.s");
        File.WriteAllText(text, source + "\n");
        Run(As, "-march=armv8.1-a+crc", "-o", directory.File("program.o"), text);
        Run(Objcopy, "-O", "binary", "-j", ".text", directory.File("program.o"), directory.File("program.bin"));
        return File.ReadAllBytes(directory.File("program.bin"));
    }

    /// <summary>A file of the source tree, which the tests are built inside of.</summary>
    public static string SourceFile(params string[] path)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var file = Path.Combine([directory.FullName, .. path]);
            if (File.Exists(file)) return file;
        }

        throw new FileNotFoundException("The source tree is not above the tests.", Path.Combine(path));
    }

    /// <summary>Runs a tool and returns what it prints. A failure of the tool is a failure of the test.</summary>
    public static string Run(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"This test needs {tool} (Debian: binutils-aarch64-linux-gnu, qemu-user): {e.Message}", e);
        }

        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Limit))
            {
                process.Kill();
                throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)} does not end.");
            }

            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}");
            return output.Result;
        }
    }
}

/// <summary>A directory that is gone when the test ends.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rm-stack-cpu-");

    public string File(string name) => Path.Combine(_directory.FullName, name);

    public void Dispose() => _directory.Delete(recursive: true);
}
