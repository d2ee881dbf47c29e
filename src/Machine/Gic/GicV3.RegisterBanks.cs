using System.Numerics;

namespace RmStack.Machine.Gic;

/// <summary>Registers that hold one or more bits per INTID, alike in distributor and redistributor (Arm IHI 0069, 12.9 and 12.11).</summary>
public sealed partial class GicV3
{
    private const uint StatusReadReserved = 1;
    private const uint StatusWriteReserved = 2;
    private const uint StatusReadOfWriteOnly = 4;
    private const uint StatusWriteOfReadOnly = 8;

    private const uint PeripheralIdFirst = 0xFFD0;
    private const uint PeripheralIdPidr2 = 0xFFE8;

    /// <summary>PIDR4.., PIDR0.., CIDR0.. of an Arm CoreSight GIC; PIDR0 differs between the frames, PIDR2 is the identity's.</summary>
    private static ReadOnlySpan<byte> PeripheralIdBytes => [0x44, 0, 0, 0, 0x92, 0xB4, 0, 0, 0x0D, 0xF0, 0x05, 0xB1];

    /// <summary>Number of a bit-per-INTID register by bits 9:7 of its offset.</summary>
    private enum BitRegister
    {
        Group = 1,
        SetEnable,
        ClearEnable,
        SetPending,
        ClearPending,
        SetActive,
        ClearActive,
    }

    private uint ReadBits(BitRegister register, int cpu, int word)
    {
        var first = word * 32;
        var end = Math.Min(first + 32, IntidLimit);
        var value = 0u;
        for (var intid = first; intid < end; intid++)
        {
            ref readonly var s = ref _table.At(cpu, intid);
            var bit = register switch
            {
                BitRegister.Group => s.Has(InterruptFlags.Group1),
                BitRegister.SetEnable or BitRegister.ClearEnable => s.Has(InterruptFlags.Enabled),
                BitRegister.SetPending or BitRegister.ClearPending => s.Pending,
                _ => s.Has(InterruptFlags.Active),
            };
            if (bit) value |= 1u << (intid - first);
        }

        return value;
    }

    private void WriteBits(BitRegister register, int caller, int cpu, int word, uint value)
    {
        var first = word * 32;
        var count = Math.Min(32, IntidLimit - first);
        if (count <= 0) return;
        var bits = count == 32 ? uint.MaxValue : (1u << count) - 1;
        if (register != BitRegister.Group) bits &= value;
        for (; bits != 0; bits &= bits - 1)
        {
            var bit = BitOperations.TrailingZeroCount(bits);
            var intid = first + bit;
            switch (register)
            {
                case BitRegister.Group: _table.SetGroup1(cpu, intid, (value >> bit & 1) != 0); break;
                case BitRegister.SetEnable: _table.SetEnabled(cpu, intid, true); break;
                case BitRegister.ClearEnable: _table.SetEnabled(cpu, intid, false); break;
                case BitRegister.SetPending: _table.SetPending(cpu, intid, InterruptFlags.LevelSoftware); break;
                case BitRegister.ClearPending: _table.ClearPending(caller, cpu, intid, InterruptFlags.LevelSoftware); break;
                case BitRegister.SetActive: _table.SetActive(cpu, intid, true); break;
                default: _table.SetActive(cpu, intid, false); break;
            }
        }
    }

    private uint ReadPriorities(int cpu, int intid, int size)
    {
        var value = 0u;
        for (var i = 0; i < size && intid + i < IntidLimit; i++) value |= (uint)_table.At(cpu, intid + i).Priority << (8 * i);
        return value;
    }

    private void WritePriorities(int cpu, int intid, int size, uint value)
    {
        for (var i = 0; i < size && intid + i < IntidLimit; i++) _table.SetPriority(cpu, intid + i, (byte)(value >> (8 * i)));
    }

    private uint ReadConfiguration(int cpu, int word)
    {
        var value = 0u;
        for (var i = 0; i < 16 && word * 16 + i < IntidLimit; i++)
        {
            if (_table.At(cpu, word * 16 + i).Has(InterruptFlags.EdgeTriggered)) value |= 2u << (2 * i);
        }

        return value;
    }

    private void WriteConfiguration(int cpu, int word, uint value)
    {
        for (var i = 0; i < 16 && word * 16 + i < IntidLimit; i++)
            _table.SetEdgeTriggered(cpu, word * 16 + i, (value >> (2 * i + 1) & 1) != 0);
    }

    /// <summary>Identification registers at the end of a frame.</summary>
    private bool TryReadId(uint offset, byte pidr0, out ulong value)
    {
        value = 0;
        if (offset == PeripheralIdPidr2)
        {
            value = _identity.Pidr2;
            return true;
        }

        if (!_identity.PeripheralIds || offset < PeripheralIdFirst || offset > 0xFFFC) return false;
        var index = (int)(offset - PeripheralIdFirst) / 4;
        value = index == 4 ? pidr0 : PeripheralIdBytes[index];
        return true;
    }

    private static bool IsAligned(uint offset, int size) => size is 1 or 2 or 4 or 8 && (offset & (uint)(size - 1)) == 0;
}
