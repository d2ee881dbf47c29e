using System.Diagnostics;

namespace RmStack.Machine.Tests.Guests;

/// <summary>A whole AArch64 machine that this project did not write.</summary>
internal static class Qemu
{
    private const string Name = "qemu-system-aarch64";
    private const string Package = "qemu-system-arm";
    private static readonly string[] Machine = ["-M", "virt,gic-version=3", "-cpu", "cortex-a35", "-nodefaults", "-display", "none"];

    /// <summary>Where the machine's RAM begins.</summary>
    public const ulong RamBase = 0x4000_0000;

    /// <summary>Boots an image as QEMU boots a kernel, and returns what it printed before it powered off or reset.</summary>
    public static string Boot(byte[] image, int megabytes = 128) =>
        WithFile(image, path => Run("-m", $"{megabytes}", "-kernel", path));

    /// <summary>Enters an image at its first byte, at an address, with nothing in x0.</summary>
    public static string Enter(byte[] image, ulong address) =>
        WithFile(image, path => Run("-m", "128", "-device", $"loader,file={path},addr=0x{address:x},force-raw=on,cpu-num=0"));

    /// <summary>Enters an image at EL2, the highest level there is, with another image 2 MiB behind it.</summary>
    public static string EnterAtEl2(byte[] image, byte[] guest, ulong address) =>
        WithFile([.. image, .. new byte[0x20_0000 - image.Length], .. guest], path =>
            Run("-M", "virt,gic-version=3,virtualization=on", "-m", "128", "-device", $"loader,file={path},addr=0x{address:x},force-raw=on,cpu-num=0"));

    /// <summary>Enters an image that never ends, and waits until its program counter is what is waited for.</summary>
    public static void EnterUntil(byte[] image, ulong address, Predicate<ulong> programCounter) => WithFile(image, path =>
    {
        var start = new ProcessStartInfo(Name) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[.. Machine, "-monitor", "stdio", "-device", $"loader,file={path},addr=0x{address:x},force-raw=on,cpu-num=0"])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var last = "nothing";
            do
            {
                process.StandardInput.WriteLine("info registers");
                process.StandardInput.Flush();
                string? line;
                do
                    line = process.StandardOutput.ReadLineAsync(patience.Token).AsTask().GetAwaiter().GetResult();
                while (line is not null && !line.Contains("PC=", StringComparison.Ordinal));
                Assert.True(line is not null, $"QEMU ended; the last program counter was {last}");
                last = line!.Substring(line.IndexOf("PC=", StringComparison.Ordinal) + 3, 16);
            }
            while (!programCounter(Convert.ToUInt64(last, 16)));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        return "";
    });

    private static string Run(params string[] arguments)
    {
        var result = ExternalTool.Run(Name, Package, [], [.. Machine, "-no-reboot", "-serial", "stdio", .. arguments]);
        Assert.True(result.ExitCode == 0, $"QEMU failed: {result.Errors}");
        return result.Text;
    }

    private static string WithFile(byte[] image, Func<string, string> use)
    {
        var directory = Directory.CreateTempSubdirectory("rm-stack-guest-").FullName;
        try
        {
            var path = Path.Combine(directory, "image.bin");
            File.WriteAllBytes(path, image);
            return use(path);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
