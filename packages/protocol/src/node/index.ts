export { dialError, type NodeNetworkOptions, nodeNetwork } from './node-network.ts';
export { pemOf } from './pem.ts';
export { type Listener, type ListenOptions, type ListenTls, wsListen } from './ws-listen.ts';
