using System.Diagnostics;
using RmStack.Machine.Images;

namespace RmStack.Host.Tests;

public class GuestDeviceTreeTests
{
    [Theory]
    [InlineData(1, new uint[0])]
    [InlineData(8, new uint[] { 1, 5, 9 })]
    public void Dtc_takes_it_and_objects_only_to_what_the_resource_manager_demands(int vcpus, uint[] doorbells)
    {
        var blob = GuestDeviceTree.Build(Options(vcpus, doorbells)).ToArray();
        var (source, complaints) = Dtc(blob);
        Assert.Contains("affinity = \"proxy\"", source, StringComparison.Ordinal);

        // The memory node has no unit address, because the Resource Manager looks for "memory"; and its labels are numbers.
        string[] demanded = ["/memory: node has a reg or ranges property, but no unit name", "label: property is not a string"];
        Assert.DoesNotContain(complaints, line => !demanded.Any(d => line.Contains(d, StringComparison.Ordinal)));
    }

    [Fact]
    public void It_has_what_the_real_resource_manager_wants()
    {
        var tree = GuestDeviceTree.Build(Options(3, [7]));
        Assert.True(tree.Find("/memory")!.TryGetReg(0, out var start, out var size));
        Assert.Equal((0x8000_0000UL, 0x20_0000UL), (start, size));
        Assert.Equal("memory", tree.Find("/memory")!.Name);
        var gic = tree.FindPhandle(tree.Find("/gunyah-vm-config/interrupts")!.TryGetU32("config", out var phandle) ? phandle : 0)!;
        Assert.True(gic.TryGetReg(0, out var distributor, out _) && gic.TryGetReg(1, out var redistributors, out var room));
        Assert.Equal(0x3fff_0000UL, distributor);
        Assert.True(gic.TryGetReg(1, out redistributors, out room));
        Assert.Equal((0x3ff9_0000UL, 0x6_0000UL), (redistributors, room));
        Assert.Equal(3, tree.Find("/cpus")!.Children.Count);
        Assert.True(tree.Find("/gunyah-vm-config")!.TryGetString("image-name", out _));
        Assert.True(tree.Find("/gunyah-vm-config/vdevices/rm-rpc")!.Has("console-dev"));
        Assert.True(tree.Find("/gunyah-vm-config/vdevices/bell-7")!.TryGetU32("label", out var label));
        Assert.Equal(7u, label);
    }

    [Fact]
    public void The_command_line_is_in_it_only_when_there_is_one()
    {
        Assert.False(GuestDeviceTree.Build(Options(1, [])).Find("/chosen")!.Has("bootargs"));
        Assert.True(GuestDeviceTree.Build(Options(1, []) with { BootArguments = "nokaslr" }).Find("/chosen")!.TryGetString("bootargs", out var text));
        Assert.Equal("nokaslr", text);
    }

    private static VmmOptions Options(int vcpus, uint[] doorbells)
    {
        Assert.True(GuestImage.TryRead(new byte[] { 0, 0, 0, 0x14 }, out var image, out _));
        return new VmmOptions { Image = image!, MemorySize = 2 << 20, VCpus = vcpus, Doorbells = doorbells, Bus = new MmioBus() };
    }

    private static (string Source, string[] Complaints) Dtc(byte[] blob)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, blob);
            var start = new ProcessStartInfo("dtc", ["-I", "dtb", "-O", "dts", file]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            Process? process;
            try
            {
                process = Process.Start(start);
            }
            catch (System.ComponentModel.Win32Exception missing)
            {
                throw new InvalidOperationException("This test needs dtc (Debian: device-tree-compiler).", missing);
            }

            var errors = process!.StandardError.ReadToEndAsync();
            var source = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return (source, errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
