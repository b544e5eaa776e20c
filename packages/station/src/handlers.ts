import { type Action, type InboundCall, loadRules, RpcError } from '@busbar/protocol';
import { CertificateSigned } from './blocks/a-security/certificate-signed.ts';
import { GetBaseReport } from './blocks/b-provisioning/get-base-report.ts';
import { GetReport } from './blocks/b-provisioning/get-report.ts';
import { GetVariables } from './blocks/b-provisioning/get-variables.ts';
import { Reset } from './blocks/b-provisioning/reset.ts';
import { SetNetworkProfile } from './blocks/b-provisioning/set-network-profile.ts';
import { SetVariables } from './blocks/b-provisioning/set-variables.ts';
import { ClearCache } from './blocks/c-authorization/clear-cache.ts';
import { GetTransactionStatus } from './blocks/e-transactions/get-transaction-status.ts';
import { RequestStartTransaction } from './blocks/f-remote-control/request-start-transaction.ts';
import { RequestStopTransaction } from './blocks/f-remote-control/request-stop-transaction.ts';
import { TriggerMessage } from './blocks/f-remote-control/trigger-message.ts';
import { UnlockConnector } from './blocks/f-remote-control/unlock-connector.ts';
import { ChangeAvailability } from './blocks/g-availability/change-availability.ts';
import { CostUpdated } from './blocks/i-tariff-cost/cost-updated.ts';
import { UpdateFirmware } from './blocks/l-firmware/update-firmware.ts';
import { DeleteCertificate } from './blocks/m-certificates/delete-certificate.ts';
import { GetInstalledCertificateIds } from './blocks/m-certificates/get-installed-certificate-ids.ts';
import { InstallCertificate } from './blocks/m-certificates/install-certificate.ts';
import { CustomerInformation } from './blocks/n-diagnostics/customer-information.ts';
import { GetLog } from './blocks/n-diagnostics/get-log.ts';
import { DataTransfer } from './blocks/p-data-transfer/data-transfer.ts';
import type { Decision, Handler } from './handler.ts';
import type { Life } from './life.ts';

type Route = (call: InboundCall, life: Life) => Promise<Decision<Action>>;

/** The request was validated by the peer; this says so to the compiler, action by action. */
const route = <A extends Action>({ action, decide }: Handler<A>): readonly [Action, Route] => [
  action,
  async (call, life) => {
    const rules = await loadRules(life.context.dm.version);
    const { request } = call;
    if (!rules.isRequest(action, request)) throw new RpcError('FormatViolation', `not a request of ${action}`);
    return decide(request, life);
  },
];

/** What this station answers. Any other known action gets NotSupported from the peer. */
const ROUTES: ReadonlyMap<Action, Route> = new Map([
  route(CertificateSigned),
  route(ChangeAvailability),
  route(ClearCache),
  route(CostUpdated),
  route(CustomerInformation),
  route(DataTransfer),
  route(DeleteCertificate),
  route(GetBaseReport),
  route(GetInstalledCertificateIds),
  route(GetLog),
  route(InstallCertificate),
  route(GetReport),
  route(GetTransactionStatus),
  route(GetVariables),
  route(RequestStartTransaction),
  route(RequestStopTransaction),
  route(Reset),
  route(SetNetworkProfile),
  route(SetVariables),
  route(TriggerMessage),
  route(UnlockConnector),
  route(UpdateFirmware),
]);

export const SERVES: ReadonlySet<Action> = new Set(ROUTES.keys());

export function answer(call: InboundCall, life: Life): Promise<Decision<Action>> {
  const found = ROUTES.get(call.action);
  if (!found) return Promise.reject(new RpcError('NotSupported', `${call.action} is not supported`));
  return found(call, life);
}
