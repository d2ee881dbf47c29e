using RmStack.Cli;

return CommandLine.Run(args, Console.Out, Console.Error, Console.OpenStandardOutput, Console.OpenStandardInput);
