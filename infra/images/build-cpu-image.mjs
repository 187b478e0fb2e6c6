/**
 * Makes the CPU image for cards where no registry can be reached: out of Debian packages, as the first stage of debootstrap does it,
 * with `docker import`. Needs apt-get, dpkg-deb, tar and docker on a Debian of the same release as the card environment's Python.
 *
 *   node infra/images/build-cpu-image.mjs [--docker unix:///path/of.sock] [--cache FOLDER]
 *
 * Prints the image's id, which is what ENSEMBLE_DOCKER_IMAGE takes. What apt would install names the content: as long as that
 * is the same, nothing is fetched or made again, and an image that is there is not imported again.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { say } from '../../scripts/lib/console.mjs';
import { mustRun, root, run } from '../../scripts/lib/run-command.mjs';

const program = fileURLToPath(import.meta.url);
const packages = readFileSync(path.join(path.dirname(program), 'packages.txt'), 'utf8')
  .split('\n')
  .filter(Boolean);
const name = 'ensemble-card-cpu';

/** apt, as if nothing were installed on this machine, and with what it fetches put into `folder`. */
function apt(folder, ...args) {
  const debs = path.join(folder, 'debs');
  mkdirSync(path.join(debs, 'partial'), { recursive: true });
  const status = path.join(folder, 'status');
  writeFileSync(status, '');
  const options = [`Dir::State::status=${status}`, `Dir::Cache::archives=${debs}`, 'APT::Sandbox::User=root', 'Debug::NoLocking=1'];
  return ['apt-get', ['-qq', ...options.flatMap((one) => ['-o', one]), '--no-install-recommends', '-y', ...args, 'install', ...packages]];
}

/** What apt would fetch, with sizes and checksums. */
async function listDebs(folder) {
  const listed = await run(...apt(folder, '--print-uris'), { quiet: true });
  if (listed.code === 0 && listed.output.includes('.deb')) return listed.output;
  await mustRun('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', 'update']);
  return mustRun(...apt(folder, '--print-uris'));
}

async function makeTar(folder, tar) {
  await mustRun(...apt(folder, '--download-only'));
  const rootfs = path.join(folder, 'rootfs');
  for (const one of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(path.join(rootfs, 'usr', one), { recursive: true });
    symlinkSync(`usr/${one}`, path.join(rootfs, one));
  }
  const unpack = 'for deb in "$0"/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$1" || exit 1; done';
  await mustRun('sh', ['-c', unpack, path.join(folder, 'debs'), rootfs]);
  // What packages do after they are unpacked, as far as cards need it: the linker's cache, names of users, certificates in one file.
  await mustRun('ldconfig', ['-r', rootfs]);
  writeFileSync(path.join(rootfs, 'etc/passwd'), 'root:x:0:0::/:/usr/sbin/nologin\nnobody:x:65534:65534::/:/usr/sbin/nologin\n');
  writeFileSync(path.join(rootfs, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  const certificates = path.join(rootfs, 'usr/share/ca-certificates/mozilla');
  const bundle = readdirSync(certificates)
    .toSorted()
    .map((file) => readFileSync(path.join(certificates, file), 'utf8'));
  mkdirSync(path.join(rootfs, 'etc/ssl/certs'), { recursive: true });
  writeFileSync(path.join(rootfs, 'etc/ssl/certs/ca-certificates.crt'), bundle.join('\n'));
  for (const one of ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'var/cache', 'boot', 'home']) {
    rmSync(path.join(rootfs, one), { recursive: true, force: true });
  }
  // Another may be making the same.
  const made = `${tar}.${process.pid}`;
  const clamp = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await mustRun('tar', [...clamp, '-cf', made, '-C', rootfs, '.']);
  renameSync(made, tar);
}

/** The root file system as a tar, from the cache where it is; and what names its content. */
async function cardTar(cache) {
  const folder = path.join(cache, `making-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const hash = createHash('sha256')
      .update(readFileSync(program))
      .update(await listDebs(folder))
      .digest('hex')
      .slice(0, 16);
    const tar = path.join(cache, `${name}-${hash}.tar`);
    if (!existsSync(tar)) await makeTar(folder, tar);
    return { tar, hash };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the image's id in that Docker. */
export async function buildCpuImage(docker, cache = path.join(root, '.cache/images')) {
  const { tar, hash } = await cardTar(cache);
  const tag = `${name}:${hash}`;
  const at = ['--host', docker];
  const there = await run('docker', [...at, 'image', 'inspect', '--format', '{{.Id}}', tag], { quiet: true });
  const id = there.code === 0 ? there.output : await mustRun('docker', [...at, 'import', '--change', 'CMD ["python3.11"]', tar, tag]);
  return id.trim().split('\n').at(-1);
}

if (process.argv[1] === program) {
  const { values } = parseArgs({ options: { docker: { type: 'string' }, cache: { type: 'string' } } });
  const docker = values.docker ?? process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
  say(`Making the image ${name} from ${packages.length} Debian packages and what they need`);
  console.log(await buildCpuImage(docker, values.cache));
}
