using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RmStack.Machine.Memory;

/// <summary>
/// The bytes behind a machine's RAM: zeroed memory of this process, its beginning a file's if one is given. A handle of its own, so that
/// the memory of a machine nobody disposed of is still freed.
/// </summary>
internal sealed unsafe partial class MemoryBlock : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int ProtReadWrite = 3;
    private const int MapShared = 0x01;
    private const int MapPrivate = 0x02;
    private const int MapFixed = 0x10;
    private const int MapAnonymous = 0x20;
    private const int MapNoReserve = 0x4000;
    private const nint MapFailed = -1;

    private readonly nuint _mapped;

    /// <summary>Zeroed memory.</summary>
    public MemoryBlock(ulong size)
        : base(ownsHandle: true) => SetHandle((nint)NativeMemory.AllocZeroed((nuint)size));

    /// <summary>Zeroed memory whose first <paramref name="fileSize"/> bytes are those of a file, shared with whoever else maps it.</summary>
    /// <exception cref="PlatformNotSupportedException">The mapping is Linux's.</exception>
    /// <exception cref="IOException">The file cannot be mapped.</exception>
    public MemoryBlock(ulong size, SafeFileHandle file, ulong fileSize)
        : base(ownsHandle: true)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("RAM in a file needs Linux.");
        _mapped = (nuint)size;
        var start = Map(0, _mapped, ProtReadWrite, MapPrivate | MapAnonymous | MapNoReserve, -1, 0);
        if (start == MapFailed) throw Failed();
        SetHandle(start);
        var taken = false;
        try
        {
            file.DangerousAddRef(ref taken);
            if (Map(start, (nuint)fileSize, ProtReadWrite, MapShared | MapFixed, (int)file.DangerousGetHandle(), 0) == MapFailed) throw Failed();
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            if (taken) file.DangerousRelease();
        }
    }

    /// <summary>The first byte.</summary>
    public byte* Start => (byte*)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        if (_mapped != 0) return Unmap(handle, _mapped) == 0;
        NativeMemory.Free((void*)handle);
        return true;
    }

    private static IOException Failed()
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException(error.Message, error);
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint length);
}
