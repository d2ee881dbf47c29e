using System.Diagnostics;
using RmStack.Testing;

namespace RmStack.Cli.Tests.Serve;

/// <summary>Programs in C, which know nothing of .NET, are the HLOS of machines of ours.</summary>
public sealed class InteropTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rmstack-interop").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_c_program_allocates_and_frees_a_vmid()
    {
        var program = await CompileAsync("vmid");
        await using var server = await ServeCommand.StartAsync();
        for (var n = 0; n < 3; n++) Assert.Equal("allocated 0x80\nfreed: 0\n", await RunAsync(program, server.Socket));
        Assert.EndsWith("2 packets to the Resource Manager, 2 from it, 0 guests run; nothing was dropped", await server.Closed(3), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--rm", "rm1", "--hyp", "23.12", "--cap-ids", "random")]
    public async Task A_c_program_launches_a_guest_and_reads_what_it_left(params string[] options)
    {
        var program = await CompileAsync("launch");
        var tree = Path.Combine(_folder, "guest.dtb");
        await RunAsync("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", tree, Source("guest.dts"));
        await using var server = await ServeCommand.StartAsync(["--ram", "{folder}/ram", .. options]);
        for (var n = 1; n <= 2; n++)
        {
            var size = new FileInfo(tree).Length;
            Assert.Equal(
                FormattableString.Invariant($"VM 0x80: image 6028 bytes, device tree {size} bytes\nended: type 1\nreclaim before reset: error 11\n196608 bytes are the guest's\n"),
                await RunAsync(program, server.Socket, server.Ram, Rmstack.Guest("hello.bin"), tree));
            await server.Line(FormattableString.Invariant($"{n}: VM 0x80 | ram: 196608 bytes at 0x80003000, "));
            Assert.EndsWith("1 guest run; nothing was dropped", await server.Closed(n), StringComparison.Ordinal);
        }
    }

    private static string Source(string name) => Repository.PathOf("tests", "Cli.Tests", "Serve", "Interop", name);

    private async Task<string> CompileAsync(string name)
    {
        var program = Path.Combine(_folder, name);
        await RunAsync("gcc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-o", program, Source(name + ".c"));
        return program;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Bench.Patience);
        await process.WaitForExitAsync().WaitAsync(Bench.Patience);
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)} ended with {process.ExitCode}: {await error}");
        return output;
    }
}
