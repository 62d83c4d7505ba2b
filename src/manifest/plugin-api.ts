/**
 * Version of what a plugin may rely on: the shape of manifests and of what handlers and collectors are given. It grows
 * when something is taken away or changes its meaning; a plugin may export the version that it was made for.
 */
export const pluginApiVersion = 1;
