namespace RmStack.Host;

/// <summary>A device of the VMM, as far as guest loads and stores reach it.</summary>
public interface IMmioDevice
{
    /// <summary>A load.</summary>
    /// <param name="offset">From the start of the device's range.</param>
    /// <param name="size">Bytes, 1 to 8.</param>
    ulong Read(ulong offset, int size);

    /// <summary>A store.</summary>
    /// <param name="offset">From the start of the device's range.</param>
    /// <param name="size">Bytes, 1 to 8.</param>
    /// <param name="value">What is stored, in the low bytes.</param>
    void Write(ulong offset, int size, ulong value);
}

/// <summary>
/// Which device serves which guest address. Where there is none a load returns 0 and a store is lost, as on a bus without a
/// slave, and both are counted. HOT.
/// </summary>
public sealed class MmioBus
{
    private (ulong Base, ulong Size, IMmioDevice Device)[] _slots = [];

    /// <summary>Loads served.</summary>
    public long Reads { get; private set; }

    /// <summary>Stores served.</summary>
    public long Writes { get; private set; }

    /// <summary>Accesses where there is no device.</summary>
    public long Unclaimed { get; private set; }

    /// <summary>The first address of such an access, or null.</summary>
    public ulong? FirstUnclaimed { get; private set; }

    /// <summary>Told of the first access where there is no device; null for nobody.</summary>
    public Action<ulong>? NoDevice { get; init; }

    /// <summary>Adds a device. Ranges must not overlap.</summary>
    public void Add(ulong address, ulong size, IMmioDevice device)
    {
        foreach (var slot in _slots)
            if (address < slot.Base + slot.Size && slot.Base < address + size)
                throw new ArgumentException($"0x{address:x} is another device's.", nameof(address));
        _slots = [.. _slots, (address, size, device)];
    }

    /// <summary>A load by the guest.</summary>
    public ulong Read(ulong address, int size)
    {
        Reads++;
        return Find(address, size, out var offset) is { } device ? device.Read(offset, size) : 0;
    }

    /// <summary>A store by the guest.</summary>
    public void Write(ulong address, int size, ulong value)
    {
        Writes++;
        Find(address, size, out var offset)?.Write(offset, size, value);
    }

    private IMmioDevice? Find(ulong address, int size, out ulong offset)
    {
        foreach (var slot in _slots)
        {
            offset = address - slot.Base;
            if (offset < slot.Size && (ulong)size <= slot.Size - offset) return slot.Device;
        }

        offset = 0;
        Unclaimed++;
        if (FirstUnclaimed is null)
        {
            FirstUnclaimed = address;
            NoDevice?.Invoke(address);
        }

        return null;
    }
}
