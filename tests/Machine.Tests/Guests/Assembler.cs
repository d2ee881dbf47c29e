namespace RmStack.Machine.Tests.Guests;

/// <summary>binutils for AArch64, for programs that only a test runs.</summary>
internal static class Assembler
{
    private const string Package = "binutils-aarch64-linux-gnu";

    /// <summary>Assembles and links a source at 0, and returns its bytes.</summary>
    public static byte[] Flat(string source) => Build(source, (elf, directory) =>
    {
        var flat = Path.Combine(directory, "program.bin");
        Run("aarch64-linux-gnu-objcopy", "-O", "binary", elf, flat);
        return flat;
    });

    /// <summary>Assembles and links a source, and returns the ELF file.</summary>
    public static byte[] Elf(string source, params string[] linkerOptions) => Build(source, (elf, _) => elf, linkerOptions);

    private static byte[] Build(string source, Func<string, string, string> finish, params string[] linkerOptions)
    {
        var directory = Directory.CreateTempSubdirectory("rm-stack-assembly-").FullName;
        try
        {
            var (assembled, elf) = (Path.Combine(directory, "program.o"), Path.Combine(directory, "program.elf"));
            Run("aarch64-linux-gnu-as", "-march=armv8-a", "-o", assembled, source);
            Run("aarch64-linux-gnu-ld", [.. linkerOptions.Length == 0 ? ["-n", "-Ttext=0"] : linkerOptions, "-o", elf, assembled]);
            return File.ReadAllBytes(finish(elf, directory));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Run(string name, params string[] arguments)
    {
        var result = ExternalTool.Run(name, Package, [], arguments);
        Assert.True(result.ExitCode == 0, $"{name} failed: {result.Errors}");
    }
}
