// Whether a module name can be resolved: `found`, or the code of the error.
try {
  require.resolve(process.argv[2]);
  process.stdout.write('found');
} catch (error) {
  process.stdout.write(error.code);
}
