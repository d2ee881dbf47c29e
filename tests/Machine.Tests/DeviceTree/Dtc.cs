using RmStack.Machine.DeviceTree;
using RmStack.Machine.Tests.Guests;

namespace RmStack.Machine.Tests.DeviceTree;

/// <summary>The device tree compiler and its companions, which judge what this project reads and writes.</summary>
internal static class Dtc
{
    private const string Package = "device-tree-compiler";

    public static byte[] Compile(string source, params string[] options) => Run(System.Text.Encoding.Latin1.GetBytes(source), "dts", "dtb", options).Output;

    public static string Decompile(byte[] blob) => Run(blob, "dtb", "dts").Text;

    public static byte[] Rewrite(byte[] blob, params string[] options) => Run(blob, "dtb", "dtb", options).Output;

    /// <summary>What dtc warns about when it checks a blob.</summary>
    public static string[] Warnings(byte[] blob) =>
        ExternalTool.Run("dtc", Package, blob, "-I", "dtb", "-O", "dtb", "-o", "/dev/null", "-").Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Applies one overlay fragment at the root with libfdt.</summary>
    public static byte[] Overlay(byte[] blob, DeviceTreeNode overlay)
    {
        var tree = new DeviceTreeBlob();
        var fragment = tree.Root.Add("fragment@0");
        fragment.Set("target-path", "/");
        Copy(overlay, fragment.Add("__overlay__"));
        var directory = Directory.CreateTempSubdirectory("rm-stack-overlay-").FullName;
        try
        {
            var paths = (Base: Path.Combine(directory, "base.dtb"), Overlay: Path.Combine(directory, "overlay.dtb"), Output: Path.Combine(directory, "out.dtb"));
            File.WriteAllBytes(paths.Base, blob);
            File.WriteAllBytes(paths.Overlay, tree.ToArray());
            var result = ExternalTool.Run("fdtoverlay", Package, [], "-i", paths.Base, "-o", paths.Output, paths.Overlay);
            Assert.True(result.ExitCode == 0, $"fdtoverlay refused: {result.Errors}");
            return File.ReadAllBytes(paths.Output);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Copy(DeviceTreeNode from, DeviceTreeNode to)
    {
        foreach (var property in from.Properties)
            to.Put(property);
        foreach (var child in from.Children)
            Copy(child, to.Add(child.Name));
    }

    private static ExternalTool.Result Run(byte[] input, string from, string to, params string[] options)
    {
        var result = ExternalTool.Run("dtc", Package, input, ["-q", "-I", from, "-O", to, .. options, "-"]);
        Assert.True(result.ExitCode == 0, $"dtc refused what was given as {from}: {result.Errors}");
        return result;
    }
}
