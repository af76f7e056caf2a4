// What a user reads when an import fails: the first lines that Node prints.
try {
  require(process.argv[2]);
  process.stdout.write('loaded');
} catch (error) {
  process.stdout.write(String(error));
}
