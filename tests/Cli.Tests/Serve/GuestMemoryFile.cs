using System.IO.MemoryMappedFiles;
using RmStack.Host;
using RmStack.Machine.Images;

namespace RmStack.Cli.Tests.Serve;

/// <summary>HLOS's RAM as a client maps it, and what a client puts there before it lends it.</summary>
internal sealed class GuestMemoryFile : IDisposable
{
    public const long Size = 1 << 30;
    public const ulong Base = 0x4000_0000;
    public const ulong GuestSize = 2 << 20;
    public const ulong DeviceTreeArea = 64 << 10;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public GuestMemoryFile(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>Puts a flat image and its device tree into two megabytes, as the VMM of boot does.</summary>
    public void Load(ulong address, byte[] image, int vcpus = 1)
    {
        Assert.True(GuestImage.TryRead(image, out var read, out _));
        var tree = GuestDeviceTree.Build(new VmmOptions { Image = read!, MemorySize = GuestSize, Bus = new MmioBus(), VCpus = vcpus }).ToArray();
        Write(address, new byte[GuestSize]);
        Write(address, image);
        Write(address + GuestSize - DeviceTreeArea, tree);
    }

    public void Write(ulong address, byte[] bytes) => _view.WriteArray((long)(address - Base), bytes, 0, bytes.Length);

    public ulong Read64(ulong address) => _view.ReadUInt64((long)(address - Base));

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
