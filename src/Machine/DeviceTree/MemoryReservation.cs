namespace RmStack.Machine.DeviceTree;

/// <summary>Physical memory that software must leave alone (Devicetree Specification v0.4, 5.3).</summary>
/// <param name="Address">First physical address.</param>
/// <param name="Size">Bytes, never 0: a size of 0 is how the map ends.</param>
public readonly record struct MemoryReservation(ulong Address, ulong Size);
