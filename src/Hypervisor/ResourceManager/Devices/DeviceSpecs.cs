namespace RmStack.ResourceManager.Devices;

/// <summary>A virtual device as a VM's configuration asks for it.</summary>
/// <param name="Generate">Path of the node to generate, without the unit address.</param>
internal abstract record VDeviceSpec(string Generate);

/// <summary>vdevice-type rm-rpc.</summary>
/// <param name="Generate">Path of the node to generate.</param>
/// <param name="MessageSize">Bytes of the longest packet.</param>
/// <param name="QueueDepth">Packets of each queue.</param>
internal sealed record RmLinkSpec(string Generate, uint MessageSize = RmLinkSpec.DefaultMessageSize, uint QueueDepth = RmLinkSpec.DefaultQueueDepth)
    : VDeviceSpec(Generate)
{
    public const uint DefaultMessageSize = 240;
    public const uint DefaultQueueDepth = 8;
}

/// <summary>vdevice-type doorbell or doorbell-source.</summary>
/// <param name="Generate">Path of the node to generate.</param>
/// <param name="Label">Number by which both ends know it.</param>
/// <param name="VmIsSource">doorbell-source: the VM sends.</param>
/// <param name="SourceCanClear">Whoever sends may also clear.</param>
/// <param name="Virq">INTID that the VM wants it on; 0 for any.</param>
/// <param name="Trigger">Third cell of the generated interrupt.</param>
internal sealed record DoorbellSpec(string Generate, uint Label, bool VmIsSource, bool SourceCanClear, uint Virq, uint Trigger) : VDeviceSpec(Generate);

/// <summary>Numbers of the device-tree binding of a GICv3 (Linux: arm,gic-v3.yaml).</summary>
internal static class GicBinding
{
    public const uint Spi = 0;
    public const uint Ppi = 1;
    public const uint EdgeRising = 1;
    public const uint LevelHigh = 4;
    public const uint LevelLow = 8;
}
